import { anyText, text } from './setting.js';
import { ACCOUNT_SETTINGS } from './settings/accounts.js';
import { CALLER_SETTINGS } from './settings/callers.js';
import { INSTRUMENT_SETTINGS } from './settings/instruments.js';
import { MAIL_SETTINGS } from './settings/mails.js';
import { SERVICE_SETTINGS } from './settings/service.js';
import { SESSION_SETTINGS } from './settings/sessions.js';

/** All settings, in the order of the documentation. `.env.example` and the table in the README are generated from this. */
export const SETTINGS = {
  ...SERVICE_SETTINGS,
  ...SESSION_SETTINGS,
  ...ACCOUNT_SETTINGS,
  ...CALLER_SETTINGS,
  ...MAIL_SETTINGS,
  ...INSTRUMENT_SETTINGS,
  DATA_DIR: text('a folder', anyText, {
    default: '.data',
    about: 'Where the embedded PostgreSQL and the generated secret are stored. Not used in production.',
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;
