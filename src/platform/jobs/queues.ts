/** Every queue there is: made with the schema, so that no job comes before its queue. A new kind of work is one word here. */
export const QUEUES = ['mail', 'email-change', 'verify-email', 'forgot-password', 'repeated-registration'] as const;

export type QueueName = (typeof QUEUES)[number];
