// For `node --import`: the hash pool's threads compute with the native binding instead.
import { createRequire } from 'node:module';

const piscina = createRequire(import.meta.url)('piscina');
const filename = new URL('./native.worker.mjs', import.meta.url).href;

class NativePiscina extends piscina.Piscina {
  constructor(/** @type {object} */ options) {
    super({ ...options, filename });
  }
}

Object.defineProperty(piscina, 'Piscina', { value: NativePiscina });
