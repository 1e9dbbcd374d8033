export { createBarMaker, type BarMaker, type MadeBar } from './bar-maker';
export { FinalBars, type Track } from './final-bars';
export { hashPlace, hashText, mix, unit } from './hash';
