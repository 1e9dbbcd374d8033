export { validateBar, type Bar, type BarFault, type BarFaultCode } from './bar';
export { barBuilder, type BarBuilder, type BuilderState } from './bar-builder';
export { gapBetween, type Gap } from './gap';
export { aroundTheClock, createSessionClock, type Session, type SessionClock } from './session';
export { parseSeriesKey, parseSymbol, seriesKey, type SeriesKey } from './symbol';
export { isTimeframe, openTimeOf, TIMEFRAMES, timeframeMs, type Timeframe } from './timeframe';
