import openWabt from 'wabt';
import { kernelText } from './kernel-text.js';

/** The source of `src/kernel.wasm.ts`: the kernel as WebAssembly's bytes, in base64 so that it survives every bundler. */
export async function kernelSource(): Promise<string> {
  const bytes = Buffer.from(await assembled(kernelText()));
  return [
    '// Made by `npm run generate` out of packages/bcrypt-lanes/generator; a test compares the two.',
    `export const KERNEL_BASE64: string =\n  '${bytes.toString('base64')}';`,
    '',
  ].join('\n');
}

/** wabt translates literally and never reorders instructions, as an optimizing assembler would. */
async function assembled(text: string): Promise<Uint8Array> {
  const wabt = await openWabt();
  const parsed = wabt.parseWat('kernel.wat', text);
  try {
    parsed.validate();
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}
