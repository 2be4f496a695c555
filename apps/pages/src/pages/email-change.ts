import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';

/** The new mailbox says that it is the owner's. */
export function showConfirmEmail(): void {
  const { emailChange: say, verify } = words;
  showPress(verify.title, say.ask, verify.submit, async (token) => {
    await client.confirmEmailChange({ token });
    showDone(say.doneTitle, say.done);
  });
}

/** The former mailbox takes the account back. */
export function showUndoEmailChange(): void {
  const { emailChange: say } = words;
  showPress(say.undoTitle, say.undoAsk, say.undo, async (token) => {
    await client.undoEmailChange(token);
    showDone(say.undoneTitle, say.undone);
  });
}

function showPress(
  title: string,
  ask: string,
  submit: string,
  onPress: (token: string) => Promise<void>,
): void {
  const token = takenToken;
  if (token === null) showCard(title, paragraph(words.emailChange.noLink));
  else
    showCard(title, paragraph(ask), form({ fields: [], submit, onSubmit: () => onPress(token) }));
}
