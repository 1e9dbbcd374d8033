export { MemoryPartition } from './memory-partition';
