export { createBarMaker, type BarMaker, type MadeBar } from './bar-maker';
export { FinalBars } from './final-bars';
export { lagOf } from './lag';
export { hashPlace, hashText, mix } from './hash';
