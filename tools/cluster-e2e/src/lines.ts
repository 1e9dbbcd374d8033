export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');
