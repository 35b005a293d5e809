import type { LINK_PAGES, LinkPageName } from '../link-pages.value.js';

/** What a person can make something of; every other code of the endpoints means that the page itself failed. */
type ProblemCode =
  | 'required'
  | 'invalid_email'
  | 'invalid_token_format'
  | 'too_short'
  | 'too_long'
  | 'password_equals_email'
  | 'password_blocklisted'
  | 'password_breached'
  | 'password_monotonous'
  | 'password_guessable'
  | 'email_taken'
  | 'busy'
  | 'database_unavailable'
  | 'unavailable'
  | 'too_many_requests';

/** What one page says. */
interface PageText {
  title: string;
  /** A paragraph each. */
  before: readonly string[];
  button: string;
  /** Once it is done. */
  done: string;
}

/** Said of a link that works no more, and what to do about it. */
interface DeadLink {
  invalid_one_time_token: string;
}

/** How many characters a password may have. */
export interface PasswordLengths {
  min: number;
  max: number;
}

/** All texts of one language: one that lacks a page, or the words for a refusal, does not compile. */
export interface PageTexts {
  pages: {
    [Name in LinkPageName]: PageText & ((typeof LINK_PAGES)[Name]['needsToken'] extends true ? DeadLink : object);
  };
  email: string;
  password: string;
  passwordHint: (lengths: PasswordLengths) => string;
  showPassword: string;
  /** The way to a new link, where there is one that anybody may ask for. */
  newLink: string;
  /** Said behind what is done, where there is no way on. */
  close: string;
  /** The way on. */
  goOn: (app: string) => string;
  noScript: string;
  /** The page was opened without the end of its address. */
  noToken: string;
  working: string;
  /** The request never came back. */
  offline: string;
  /** Something went wrong that nobody in front of the page can mend. */
  failed: string;
  problems: (lengths: PasswordLengths) => Record<ProblemCode, string>;
}
