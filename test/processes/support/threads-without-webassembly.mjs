// For `node --import`, which threads inherit: takes WebAssembly away from them. The process itself needs it for fetch.
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) Reflect.deleteProperty(globalThis, 'WebAssembly');
