/** No form and no query of ours has half as many. */
const MAX_PARAMETERS = 32;
export const TOO_MANY_PARAMETERS = `There are more than ${MAX_PARAMETERS} parameters.`;

/** Whether a form or a query, read from a place in the text on, has more parameters than any may. */
export function hasTooManyParameters(text: string, start = 0): boolean {
  let count = 1;
  for (let at = text.indexOf('&', start); at !== -1; at = text.indexOf('&', at + 1)) {
    count += 1;
    if (count > MAX_PARAMETERS) return true;
  }
  return false;
}
