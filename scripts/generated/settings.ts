import type { Setting } from '../../src/platform/config/setting.js';
import { SETTINGS } from '../../src/platform/config/settings.js';

const settings: [name: string, setting: Setting<unknown>][] = Object.entries(SETTINGS);

const ENV_HEAD = `\
# Every setting of the service. Copy this file to .env and take the # from what you change; the environment counts before
# the file. Any NAME may come as NAME_FILE, the path of a file that holds the value: the way for secrets.
`;

/** `.env.example`: each setting with its line of prose, what it expects and its default, commented out. */
export function envExample(): string {
  const entries = settings.map(([name, setting]) =>
    [`# ${setting.about}`, `# Expects ${setting.expects}.`, defaultLine(setting), `#${name}=${setting.default ?? ''}`]
      .filter(Boolean)
      .join('\n'),
  );
  return `${[ENV_HEAD, ...entries.map((entry) => `${entry}\n`)].join('\n')}`;
}

/** The README's table of settings. */
export function settingsTable(): string {
  const rows = settings.map(([name, setting]) => {
    const fallback = setting.default === undefined ? setting.defaultNote : `\`${setting.default}\``;
    return `| \`${name}\` | ${fallback} | ${setting.about} Expects ${setting.expects}. |`;
  });
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultLine({ default: text, defaultNote }: Setting<unknown>): string {
  return text === undefined && defaultNote !== undefined ? `# Default: ${defaultNote}.` : '';
}
