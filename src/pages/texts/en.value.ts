import type { PageTexts } from './page-texts.value.js';

const LATER = 'The service is not available right now. Try again in a minute.';
const DEAD = 'This link has already been used, has expired, or was replaced by a newer one.';

export const en: PageTexts = {
  pages: {
    verify_email: {
      title: 'Confirm your email address',
      before: ['Press the button to confirm that this email address is yours.'],
      button: 'Confirm my email address',
      done: 'Your email address is confirmed.',
      invalid_one_time_token: `${DEAD} If you have already pressed this button, your email address is confirmed: log in. Otherwise, request a new link.`,
    },
    resend_verification: {
      title: 'Confirm your email address',
      before: ['Enter the email address you registered with. We will send you a new link to confirm it.'],
      button: 'Send me a link',
      done: 'If this email address still needs to be confirmed, an email with a link is on its way. Check your spam folder, too.',
    },
    forgot_password: {
      title: 'Forgot your password?',
      before: ['Enter the email address of your account. We will send you a link to choose a new password.'],
      button: 'Send me a link',
      done: 'If an account with this email address exists, an email with a link is on its way. Check your spam folder, too.',
    },
    reset_password: {
      title: 'Choose a new password',
      before: ['A new password logs you out on all devices.'],
      button: 'Set password',
      done: 'Your new password is set. You can now log in with it.',
      invalid_one_time_token: DEAD,
    },
    accept_invitation: {
      title: 'Accept the invitation',
      before: ['Choose a password for your new account.'],
      button: 'Set password',
      done: 'Your account is ready. You can now log in with your email address and this password.',
      invalid_one_time_token: `${DEAD} Ask the person who invited you for a new one.`,
    },
    confirm_email: {
      title: 'Confirm your new email address',
      before: ['Press the button to make this the email address of your account.'],
      button: 'Confirm my new email address',
      done: 'Your email address has been changed. Use the new one to log in.',
      invalid_one_time_token: `${DEAD} If you have already pressed this button, this is your email address now: log in with it. Otherwise, request the change again from your account.`,
    },
    undo_email_change: {
      title: 'Keep your old email address',
      before: [
        'Someone asked to change the email address of your account. Press the button to cancel the change.',
        'This logs you out on all devices. We will email you a link to choose a new password.',
      ],
      button: 'Undo the change',
      done: 'Your account has its old email address again. We have sent it a link to choose a new password.',
      invalid_one_time_token: DEAD,
    },
  },
  email: 'Email address',
  password: 'New password',
  passwordHint: ({ min }) => `At least ${min} characters. A few unrelated words are easy to remember.`,
  showPassword: 'Show password',
  newLink: 'Request a new link',
  close: 'You can close this page.',
  goOn: (app) => `Continue to ${app}`,
  noScript: 'This page needs JavaScript. Enable it for this page, or open the link in another browser.',
  noToken: 'This link is incomplete. Open it again from the email, or copy the whole link into the address bar.',
  working: 'One moment…',
  offline: 'Could not reach the service. Check your connection and try again.',
  failed: 'Something went wrong. Try again later.',
  problems: ({ min, max }) => ({
    required: 'Please fill in this field.',
    invalid_email: 'Enter an email address, such as name@example.com.',
    invalid_token_format: 'This link is incomplete. Open it again from the email.',
    too_short: `Too short. Use at least ${min} characters.`,
    too_long: `Too long. Use at most ${max} characters.`,
    password_equals_email: 'Your email address cannot be your password.',
    password_blocklisted: 'This password is too common and easy to guess. Choose another one.',
    password_breached: 'This password appeared in a data breach, so attackers will try it first. Choose another one.',
    password_monotonous: 'Do not use one repeated character or only spaces.',
    password_guessable:
      'Too easy to guess: mostly your email address or words related to this service. Add other words.',
    email_taken: 'Another account now uses this email address.',
    busy: 'Too many people are signing in right now. Try again in a few seconds.',
    database_unavailable: LATER,
    unavailable: LATER,
    too_many_requests: 'Too many attempts. Wait a while and try again.',
  }),
};
