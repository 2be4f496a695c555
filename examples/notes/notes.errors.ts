import { defineErrors } from '../latchkey/index.js';

/** Thrown as `notesErrors.notFound()`; in the catalogue and the API description by themselves. */
export const notesErrors = defineErrors({
  notFound: {
    code: 'notes.not_found',
    status: 404,
    title: 'You have no such note.',
    remedy: 'List your notes again.',
  },
  // #region full
  tooMany: {
    code: 'notes.too_many',
    status: 409,
    title: 'You have as many notes as you may keep.',
    remedy: 'Remove some first.',
  },
  // #endregion
});
