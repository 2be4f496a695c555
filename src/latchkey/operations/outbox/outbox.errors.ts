import { defineErrors } from '../../platform/errors/define-errors.js';

export const outboxErrors = defineErrors({
  notFound: {
    code: 'outbox.not_found',
    status: 404,
    title: 'There is no such message in the outbox.',
    remedy:
      'Take an id from `GET /admin/outbox`. What was delivered is removed a week later, what was given up after a month.',
  },
  settled: {
    code: 'outbox.settled',
    status: 409,
    title: 'The message has been delivered, or there was nothing left to deliver.',
    remedy: 'Only what waits or was given up is tried again: `GET /admin/outbox?state=dead`.',
  },
});
