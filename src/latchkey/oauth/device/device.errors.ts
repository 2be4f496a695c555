import { defineErrors } from '../../platform/errors/define-errors.js';

export const deviceErrors = defineErrors({
  codeInvalid: {
    code: 'device.code_invalid',
    status: 404,
    title: 'This code is wrong, too old, or has been answered already.',
    remedy: 'Type the code that the device shows now, or begin again on the device.',
  },
});
