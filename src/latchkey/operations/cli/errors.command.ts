import { errorCatalogue } from '../../platform/errors/error-catalogue.js';
import type { Command } from './command.js';
import { print } from './print.js';

export const errorsCommand: Command = {
  name: 'errors',
  usage: '',
  summary: 'Print the error catalogue as Markdown.',
  async run() {
    errorCatalogue().trimEnd().split('\n').forEach(print);
  },
};
