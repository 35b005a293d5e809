/** All queues. They are created by the migrations, so that no job can precede its queue. */
export const QUEUES = ['mail', 'email-change', 'verify-email', 'forgot-password', 'repeated-registration'] as const;

export type QueueName = (typeof QUEUES)[number];
