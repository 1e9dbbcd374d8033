/** The product's version, as package.json says; a test keeps the two the same. */
export const API_VERSION = '0.1.0';
