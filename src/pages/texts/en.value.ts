import type { PageTexts } from './page-texts.value.js';

const LATER = 'The service cannot answer right now. Try again in a minute.';
const DEAD = 'This link was used before, has expired, or was replaced by a newer one.';

export const en: PageTexts = {
  pages: {
    verify_email: {
      title: 'Confirm your email address',
      before: ['Press the button to confirm that this address is yours.'],
      button: 'Confirm my address',
      done: 'Your address is confirmed. You may close this page.',
      invalid_one_time_token: `${DEAD} If you have pressed this button before, or your mail program has, your address is confirmed already: just log in. If not, ask for a new link.`,
    },
    resend_verification: {
      title: 'Confirm your email address',
      before: ['Enter the email address you registered with. We will send you a new link to confirm it.'],
      button: 'Send me a link',
      done: 'If this address waits to be confirmed, a mail with a link is on its way. Look into your spam folder, too.',
    },
    forgot_password: {
      title: 'Forgot your password?',
      before: ['Enter the email address of your account. We will send you a link to choose a new password.'],
      button: 'Send me a link',
      done: 'If there is an account with this address, a mail with a link is on its way. Look into your spam folder, too.',
    },
    reset_password: {
      title: 'Choose a new password',
      before: ['The new password signs you out on every device.'],
      button: 'Set the password',
      done: 'Your new password is set. Log in with it; you may close this page.',
      invalid_one_time_token: DEAD,
    },
    accept_invitation: {
      title: 'Accept the invitation',
      before: ['Choose a password for your new account.'],
      button: 'Set the password',
      done: 'Your account is ready. Log in with your email address and this password; you may close this page.',
      invalid_one_time_token: `${DEAD} Ask whoever invited you for a new one.`,
    },
    confirm_email: {
      title: 'Confirm your new email address',
      before: ['Press the button, and this becomes the address of your account.'],
      button: 'Confirm my new address',
      done: 'Your account has its new address. Use it from now on to log in; you may close this page.',
      invalid_one_time_token: `${DEAD} If you have pressed this button before, this is your address already: log in with it. If not, ask for the change once more in your account.`,
    },
    undo_email_change: {
      title: 'Keep your old email address',
      before: [
        'Somebody asked to change the email address of your account. Press the button to undo that.',
        'You will be signed out on every device, and choose a new password by a link that we mail you.',
      ],
      button: 'Undo the change',
      done: 'Your account keeps its old address. A mail with a link to choose a new password is on its way there.',
      invalid_one_time_token: DEAD,
    },
  },
  email: 'Email address',
  password: 'New password',
  passwordHint: ({ min }) =>
    `At least ${min} characters. A few words that do not belong together are easy to remember.`,
  showPassword: 'Show the password',
  newLink: 'Ask for a new link',
  noScript:
    'This page needs JavaScript to read your link. Allow it for this page, or open the link in another browser.',
  noToken: 'The link is not whole. Open it once more from the mail, or copy all of it into the address bar.',
  working: 'One moment…',
  offline: 'The service could not be reached. Check your connection and try again.',
  failed: 'Something went wrong. Try again later.',
  problems: ({ min, max }) => ({
    required: 'Please fill this in.',
    invalid_email: 'This is not an email address. It looks like name@example.com.',
    invalid_token_format: 'The link is not whole. Open it once more from the mail.',
    too_short: `Too short: at least ${min} characters, please.`,
    too_long: `Too long: at most ${max} characters, please.`,
    password_equals_email: 'Your email address cannot be your password.',
    password_blocklisted: 'Too common: it is among the first that anyone would guess. Choose another one.',
    password_breached: 'This password was found in a data breach, so thieves try it first. Choose another one.',
    password_monotonous: 'Not the same key over and over, nor blanks alone, please.',
    password_guessable: 'Little more than your address or words that anyone would try here. Add words of your own.',
    email_taken: 'Another account has this email address by now.',
    busy: 'Too many people are signing in right now. Try again in a few seconds.',
    database_unavailable: LATER,
    unavailable: LATER,
    too_many_requests: 'Too many attempts. Wait a while, then try again.',
  }),
};
