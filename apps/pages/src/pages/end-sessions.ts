import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';

/** Ends every session of an account, by the link of a notice. */
export function showEndSessions(): void {
  const { endSessions: say, recover } = words;
  const token = takenToken;
  if (token === null) {
    showCard(say.title, paragraph(say.noLink));
    return;
  }
  showCard(
    say.title,
    paragraph(say.ask),
    form({
      fields: [],
      submit: say.submit,
      isDangerous: true,
      onSubmit: async () => {
        await client.endAllSessions(token);
        showDone(say.doneTitle, say.done, { text: recover.title, page: 'recover' });
      },
    }),
  );
}
