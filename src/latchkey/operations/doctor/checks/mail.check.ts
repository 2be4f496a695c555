import { RuntimeConfig } from '../../../platform/config/runtime.config.js';
import { DevMailbox } from '../../../platform/mail/dev-mailbox.js';
import { MailConfig } from '../../../platform/mail/mail.config.js';
import { Mailer } from '../../../platform/mail/mailer.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

/** Whether mails leave. */
export const mailCheck: Check = {
  part: 'mail',
  async *examine({ config }) {
    const settings = config.get(MailConfig);
    const mailer = new Mailer(settings, new DevMailbox(settings, config.get(RuntimeConfig)));
    try {
      if (!mailer.sends) {
        yield notice(
          'No mail is sent: MAIL_URL is not set.',
          'Set it to send mails (docs/mail.md).',
        );
        return;
      }
      yield await mailer.verify().then(
        () => ok('The mail server of MAIL_URL takes mail.'),
        ({ message }: Error) =>
          wrong(
            `The mail server of MAIL_URL cannot be used: ${message}`,
            'Start it, or correct MAIL_URL; mails wait for a day (docs/mail.md).',
          ),
      );
      if (settings.sender.address.endsWith('@localhost')) {
        yield wrong(
          `Mails come from ${settings.sender.address}, which no mail server believes.`,
          'Set MAIL_FROM to an address of yours.',
        );
      }
    } finally {
      mailer.onApplicationShutdown();
    }
  },
};
