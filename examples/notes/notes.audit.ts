import { defineAuditActions, defineAuditTargets } from '../latchkey/index.js';

/** What is put on record; `@OnEvent('note.written')` hears of it after the commit. */
export const notesActions = defineAuditActions({
  written: 'note.written',
  removed: 'note.removed',
});

export const notesTargets = defineAuditTargets({ note: 'note' });
