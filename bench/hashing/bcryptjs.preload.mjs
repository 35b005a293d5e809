// For `node --import`, which threads inherit: without WebAssembly the threads of the hash pool fall back to bcryptjs.
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) Reflect.deleteProperty(globalThis, 'WebAssembly');
