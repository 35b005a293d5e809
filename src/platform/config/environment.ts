import { readFileSync } from 'node:fs';
import { parseEnv, types } from 'node:util';
import type { Setting, ValueOf } from './setting.js';
import { SETTINGS, type SettingName } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> };

/** One wrong setting: its name and what it expects, never its value. */
export interface SettingProblem {
  name: string;
  expects: string;
}

/** The environment of the process, completed by the `.env` file of the working directory. The process wins. */
export function currentEnvironment(): Environment {
  let file: Environment = {};
  try {
    file = parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if (!(types.isNativeError(error) && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return { ...file, ...process.env };
}

/** The text of a setting, from `NAME` or from the file that `NAME_FILE` points at; empty counts as missing. */
function textOf(env: Environment, name: string, problems: SettingProblem[]): string | undefined {
  const direct = env[name]?.trim() || undefined;
  const file = env[`${name}_FILE`]?.trim() || undefined;
  if (!file) return direct;
  if (direct) problems.push({ name, expects: `a value in either ${name} or ${name}_FILE, not both` });
  try {
    const text = readFileSync(file, 'utf8').trim();
    // An empty file is an error, not a missing value: a secret whose mount failed must not be replaced by a generated one.
    if (!text) problems.push({ name: `${name}_FILE`, expects: 'the path of a file that is not empty' });
    return text || undefined;
  } catch {
    problems.push({ name: `${name}_FILE`, expects: 'the path of a readable file' });
    return undefined;
  }
}

/** Reads every setting, and collects all problems instead of stopping at the first. */
export function readSettings(env: Environment): { settings: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const entries = Object.entries<Setting<unknown>>(SETTINGS).map(([name, setting]) => {
    const text = textOf(env, name, problems) ?? setting.default;
    if (text === undefined) return [name, undefined];
    const value = setting.parse(text);
    if (value === null) problems.push({ name, expects: setting.expects });
    return [name, value ?? undefined];
  });
  return { settings: Object.fromEntries(entries) as Settings, problems };
}
