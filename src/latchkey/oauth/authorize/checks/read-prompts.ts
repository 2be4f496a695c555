import type { AuthorizationParameters } from '../authorization-parameters.js';
import { AuthorizationRefusal } from '../authorization-refusal.js';
import { PROMPTS, type Prompt } from '../authorization-request.js';

/** OpenID Connect Core section 3.1.2.1. */
export function readPrompts(parameters: AuthorizationParameters): Prompt[] {
  const names = (parameters.get('prompt') ?? '').split(' ').filter((name) => name !== '');
  const prompts = names.map((name) => {
    const known = PROMPTS.find((prompt) => prompt === name);
    if (known !== undefined) return known;
    throw new AuthorizationRefusal('invalid_request', 'prompt names something that is not known.');
  });
  if (prompts.includes('none') && prompts.length > 1) {
    throw new AuthorizationRefusal('invalid_request', 'prompt=none goes with nothing else.');
  }
  return prompts;
}
