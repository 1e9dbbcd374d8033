// Node has WebAssembly, but its types come with the DOM library, which this repository does not load. What `talib.ts` uses of it:
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
  }
  class Global {
    constructor(descriptor: { value: 'i32'; mutable: boolean }, value: number);
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
