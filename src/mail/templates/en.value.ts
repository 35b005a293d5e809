import type { Language } from './mails.value.js';

const NOT_YOU = 'If this was not you, choose a new password now. This logs you out on all devices.';

export const en: Language = {
  address: 'If the button does not work, open this link:',
  name: (app) => app,
  footer: (sender) => `Sent by ${sender}. Replies to this address are not monitored.`,
  unknown: 'unknown',
  mails: {
    verify_email: ({ validSeconds }, { app, duration }) => ({
      subject: `Confirm your email address for ${app}`,
      before: [`An account at ${app} was created with this email address. Please confirm that the address is yours:`],
      action: 'Confirm email address',
      after: [
        `The link works once and expires in ${duration(validSeconds)}.`,
        'If you did not create an account, ignore this email. The address will stay unconfirmed.',
      ],
    }),
    already_registered: (_, { app }) => ({
      subject: `You already have an account at ${app}`,
      before: [
        `Someone tried to register at ${app} with this email address, but it already has an account.`,
        'If this was you, log in as usual. If you have forgotten your password, choose a new one:',
      ],
      action: 'Choose a new password',
      after: ['If this was not you, ignore this email. Nothing has changed.'],
    }),
    registered_again: ({ validSeconds }, { app, duration }) => ({
      subject: `Choose your password for ${app}`,
      before: [
        `Someone registered at ${app} with this email address more than once, using different passwords.`,
        'To protect your account, none of these passwords works. Choose the one you want to use:',
      ],
      action: 'Choose a password',
      after: [
        `The link works once and expires in ${duration(validSeconds)}. Links in earlier emails no longer work.`,
        'If you did not create an account, ignore this email. Nobody can use the account.',
      ],
    }),
    reset_password: ({ validSeconds }, { app, duration }) => ({
      subject: `Reset your password for ${app}`,
      before: [
        `Someone asked to reset the password of the account at ${app} that has this email address. If this was you, choose a new one:`,
      ],
      action: 'Choose a new password',
      after: [
        `The link works once and expires in ${duration(validSeconds)}. A new password logs you out on all devices.`,
        'If this was not you, ignore this email. Your password will not change.',
      ],
    }),
    password_changed: ({ ip, at }, { app, moment }) => ({
      subject: `Your password for ${app} was changed`,
      before: [`The password of your account at ${app} was changed.`],
      facts: [
        ['When', moment(at)],
        ['IP address', ip ?? en.unknown],
      ],
      action: 'Choose a new password',
      after: [NOT_YOU],
    }),
    confirm_email_change: ({ validSeconds }, { app, duration }) => ({
      subject: `Confirm your new email address for ${app}`,
      before: [
        `Someone asked to make this the email address of their account at ${app} from now on. Please confirm that the address is yours:`,
      ],
      action: 'Confirm email address',
      after: [
        `The link works once and expires in ${duration(validSeconds)}. Until you confirm, the account keeps its old address.`,
        'If you did not ask for this, ignore this email.',
      ],
    }),
    email_change_requested: ({ newEmail, validSeconds }, { app, duration }) => ({
      subject: `Request to change your email address for ${app}`,
      before: [`Someone who is logged in to your account at ${app} asked to change its email address to ${newEmail}.`],
      action: 'Keep my email address',
      after: [
        'If this was you, ignore this email. If not, use the link to keep your email address.',
        `The link expires in ${duration(validSeconds)}, or as soon as a newer email replaces it.`,
      ],
    }),
    email_changed: ({ newEmail, validSeconds }, { app, duration }) => ({
      subject: `Your email address for ${app} was changed`,
      before: [
        `The email address of your account at ${app} is now ${newEmail}. From now on, we will send emails to that address.`,
      ],
      action: 'Undo the change',
      after: [`If this was not you, use the link to undo the change. It expires in ${duration(validSeconds)}.`],
    }),
    address_kept: ({ newEmail, validSeconds }, { app, duration }) => ({
      subject: `Someone wants to use your previous email address for ${app}`,
      before: [
        `Someone wants to use this email address. It belonged to your account at ${app} until you changed to ${newEmail}.`,
        'We are reserving it for you for a while, so nobody else can take it. If you did not want the change, undo it:',
      ],
      action: 'Undo the change',
      after: [
        `The link works once and expires in ${duration(validSeconds)}. Links in earlier emails no longer work.`,
        'If you changed the address yourself, ignore this email.',
      ],
    }),
    new_device: ({ userAgent, ip, at }, { app, moment }) => ({
      subject: `New login to your account at ${app}`,
      before: [`Someone logged in to your account at ${app} from a device that we have not seen before.`],
      facts: [
        ['When', moment(at)],
        ['Device', userAgent ?? en.unknown],
        ['IP address', ip ?? en.unknown],
      ],
      action: 'Choose a new password',
      after: [`If this was you, ignore this email. ${NOT_YOU}`],
    }),
    session_closed_for_reuse: ({ at }, { app, moment }) => ({
      subject: `We logged you out of ${app} on one device`,
      before: [
        `One of your sessions at ${app} was used in two places. It may have been copied, so we closed it.`,
        'Log in again on the device where you were logged out.',
      ],
      facts: [['When', moment(at)]],
      action: 'Choose a new password',
      after: ['Restoring a device from a backup can cause this. If you do not know the cause, choose a new password.'],
    }),
    invitation: ({ invitedBy, validSeconds }, { app, duration }) => ({
      subject: `You have been invited to ${app}`,
      before: [
        `${invitedBy ?? 'Someone'} created an account at ${app} for you.`,
        'Choose a password to start using it:',
      ],
      action: 'Accept the invitation',
      after: [
        `The link works once and expires in ${duration(validSeconds)}.`,
        'If you were not expecting an invitation, ignore this email.',
      ],
    }),
    account_closed: ({ erasedAt }, { app, day }) => ({
      subject: `Your account at ${app} was closed`,
      before: [
        `Your account at ${app} was closed, and you were logged out on all devices.`,
        `All data about you will be erased on ${day(erasedAt)}. Until then, an administrator can restore the account.`,
      ],
      after: ['If this was not you, contact an administrator before that date.'],
    }),
  },
};
