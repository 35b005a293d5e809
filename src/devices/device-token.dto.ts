import { ApiHeader } from '@nestjs/swagger';
import { DEVICE_TOKEN_MAX_LENGTH } from './device-token.value.js';

const DEVICE_TOKEN = {
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+$', maxLength: DEVICE_TOKEN_MAX_LENGTH } as const,
  example: 'b3VzMTZyYW5kb21ieXRlc9q1pI9ufMOmpU078cDeV0pQm3x8YtRkLwz2HfGd6CvN',
};

/** The response header with the token to store. */
export const deviceTokenHeader = {
  'X-Device-Token': { description: 'The device token, unless it is in a cookie.', ...DEVICE_TOKEN },
};

/** Documents the header for clients without cookies. */
export function ApiDeviceToken(use: string): MethodDecorator {
  return ApiHeader({ name: 'X-Device-Token', required: false, description: use, ...DEVICE_TOKEN });
}
