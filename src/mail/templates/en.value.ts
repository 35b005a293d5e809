import type { Language } from './mails.value.js';

const NOT_YOU = 'If it was not you, choose a new password now: that signs everybody out.';

export const en: Language = {
  address: 'If the button does not work, open this address:',
  footer: (service) => `Sent by ${service}. Nobody reads answers to this message.`,
  unknown: 'unknown',
  mails: {
    verify_email: ({ validSeconds }, { duration }) => ({
      subject: 'Confirm your email address',
      before: ['An account was made with this email address. Confirm that the address is yours:'],
      action: 'Confirm the address',
      after: [
        `The link works once, for ${duration(validSeconds)}.`,
        'If you made no account, do nothing: the address stays unconfirmed.',
      ],
    }),
    already_registered: () => ({
      subject: 'You already have an account',
      before: [
        'Somebody tried to register with this email address, for which there is an account already.',
        'If it was you, sign in as usual. If you have forgotten your password, choose a new one:',
      ],
      action: 'Choose a new password',
      after: ['If it was not you, do nothing: nothing has changed.'],
    }),
    registered_again: ({ validSeconds }, { duration }) => ({
      subject: 'Choose your password',
      before: [
        'Somebody registered with this email address more than once, with different passwords.',
        'So that nobody else can use your account, none of them counts. Choose the one that does:',
      ],
      action: 'Choose a password',
      after: [
        `The link works once, for ${duration(validSeconds)}. Links of earlier messages work no more.`,
        'If you made no account, do nothing: nobody can use it.',
      ],
    }),
    reset_password: ({ validSeconds }, { duration }) => ({
      subject: 'Choose a new password',
      before: [
        'Somebody asked for a new password for the account with this email address. If it was you, choose it here:',
      ],
      action: 'Choose a new password',
      after: [
        `The link works once, for ${duration(validSeconds)}. A new password signs you out everywhere.`,
        'If it was not you, do nothing: your password stays as it is.',
      ],
    }),
    password_changed: ({ ip, at }, { moment }) => ({
      subject: 'Your password was changed',
      before: ['The password of your account was changed.'],
      facts: [
        ['When', moment(at)],
        ['IP address', ip ?? en.unknown],
      ],
      action: 'Choose a new password',
      after: [NOT_YOU],
    }),
    confirm_email_change: ({ validSeconds }, { duration }) => ({
      subject: 'Confirm your new email address',
      before: ['This address was given as the new email address of an account. Confirm that it is yours:'],
      action: 'Confirm the address',
      after: [
        `The link works once, for ${duration(validSeconds)}. Until then the account keeps its old address.`,
        'If you did not ask for this, do nothing.',
      ],
    }),
    email_change_requested: ({ newEmail, validSeconds }, { duration }) => ({
      subject: 'Your email address is to be changed',
      before: [`Somebody who is signed in to your account asked to change its email address to ${newEmail}.`],
      action: 'Keep my address',
      after: [
        `If it was you, do nothing. If not, keep your address with this link; it works for ${duration(validSeconds)}, or until a newer message brings another.`,
      ],
    }),
    email_changed: ({ newEmail, validSeconds }, { duration }) => ({
      subject: 'Your email address was changed',
      before: [`The email address of your account is now ${newEmail}. From now on messages go there.`],
      action: 'Undo the change',
      after: [`If it was not you, undo the change with this link; it works for ${duration(validSeconds)}.`],
    }),
    address_kept: ({ newEmail, validSeconds }, { duration }) => ({
      subject: 'Somebody wants to use your earlier address',
      before: [
        `Somebody wants to use this email address. It belonged to your account, whose address was changed to ${newEmail}.`,
        'For a while it is kept for you, and nobody else can have it. If you did not want the change, undo it:',
      ],
      action: 'Undo the change',
      after: [
        `The link works once, for ${duration(validSeconds)}. Links of earlier messages work no more.`,
        'If you changed the address yourself, do nothing.',
      ],
    }),
    new_device: ({ userAgent, ip, at }, { moment }) => ({
      subject: 'A new device signed in',
      before: ['Somebody signed in to your account with a device that we have not seen before.'],
      facts: [
        ['When', moment(at)],
        ['Device', userAgent ?? en.unknown],
        ['IP address', ip ?? en.unknown],
      ],
      action: 'Choose a new password',
      after: [`If it was you, do nothing. ${NOT_YOU}`],
    }),
    session_closed_for_reuse: ({ at }, { moment }) => ({
      subject: 'We signed you out on one device',
      before: [
        'A session of your account was used from two places, as happens when it has been copied. We closed it.',
        'Sign in again where you were signed out.',
      ],
      facts: [['When', moment(at)]],
      action: 'Choose a new password',
      after: ['If you cannot explain it, for example by a backup that was restored, choose a new password.'],
    }),
    invitation: ({ invitedBy, validSeconds }, { duration }) => ({
      subject: 'You are invited',
      before: [
        invitedBy === undefined ? 'An account was made for you.' : `${invitedBy} made an account for you.`,
        'Choose a password to use it:',
      ],
      action: 'Accept the invitation',
      after: [`The link works once, for ${duration(validSeconds)}.`, 'If you expect no invitation, do nothing.'],
    }),
    account_closed: ({ erasedAt }, { day }) => ({
      subject: 'Your account was closed',
      before: [
        'Your account was closed and you were signed out everywhere.',
        `On ${day(erasedAt)} everything that is kept about you will be erased. Until then an administrator can open the account again.`,
      ],
      after: ['If it was not you, tell an administrator before that day.'],
    }),
  },
};
