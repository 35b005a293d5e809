import { isSafeForTokens } from './mail-formats.js';
import { misspeltNames, misspeltText, type MisspeltName } from './misspelt.js';
import { type Environment, readSettings, type SettingProblem, type Settings } from './environment.js';
import { SETTINGS } from './settings.js';

/**
 * The settings are not valid and the service does not start. The message names each setting and what it expects, but never its
 * value.
 */
export class BadSettings extends Error {
  constructor(problems: readonly SettingProblem[], misspelt: readonly MisspeltName[]) {
    const lines = [
      ...problems.map(({ name, expects }) => `${name}: expected ${expects}`),
      ...misspelt.map(misspeltText),
    ];
    super(`These settings are not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'BadSettings';
  }
}

/** Checks that apply in production only, in addition to the format of each setting. */
function productionProblems(settings: Settings): SettingProblem[] {
  const problems: SettingProblem[] = [];
  for (const name of ['DATABASE_URL', 'AUTH_SECRET', 'ISSUER_URL'] as const) {
    if (settings[name] === undefined) problems.push({ name, expects: 'a value: it is required in production' });
  }
  for (const name of ['ISSUER_URL', 'LINK_BASE_URL', 'APP_URL'] as const) {
    const url = settings[name];
    if (url !== undefined && !isSafeForTokens(url)) {
      problems.push({ name, expects: 'https in production, or http on loopback' });
    }
  }
  if (settings.SMTP_URL && !settings.MAIL_FROM) {
    problems.push({ name: 'MAIL_FROM', expects: 'a value: it is required in production with SMTP_URL' });
  }
  if (settings.EMAIL_VERIFICATION === 'required' && !settings.SMTP_URL) {
    problems.push({
      name: 'SMTP_URL',
      expects: 'a value: it is required in production with EMAIL_VERIFICATION=required',
    });
  }
  if (settings.BCRYPT_COST < 10) problems.push({ name: 'BCRYPT_COST', expects: '10 or more in production' });
  return problems;
}

/** What a setting asks of another one. */
function jointProblems({ SSF_RECEIVERS = [], SSF_ACCOUNT_EVENTS = [] }: Settings): SettingProblem[] {
  const known = new Set(SSF_RECEIVERS.map(({ id }) => id));
  if (SSF_ACCOUNT_EVENTS.every((id) => known.has(id))) return [];
  return [{ name: 'SSF_ACCOUNT_EVENTS', expects: SETTINGS.SSF_ACCOUNT_EVENTS.expects }];
}

/**
 * Reads and checks all settings.
 * @throws BadSettings naming every setting that is invalid, or missing in production
 */
export function checkedSettings(env: Environment): Settings {
  const { settings, problems } = readSettings(env);
  const wrong = new Set(problems.map((problem) => problem.name.replace(/_FILE$/, '')));
  const further = settings.NODE_ENV === 'production' ? productionProblems(settings) : [];
  if (!wrong.has('SSF_RECEIVERS')) further.push(...jointProblems(settings));
  problems.push(...further.filter((problem) => !wrong.has(problem.name)));
  if (problems.length > 0) throw new BadSettings(problems, misspeltNames(env));
  return settings;
}
