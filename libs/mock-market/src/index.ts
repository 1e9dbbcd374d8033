export { createBarMaker, type BarMaker, type MadeBar } from './bar-maker';
export { hashPlace, hashText, mix, unit } from './hash';
