import { element } from './element.js';

/**
 * Lets a bar drain while an access token lives.
 *
 * @param {HTMLProgressElement} bar
 * @returns {(principal: import('../../../published/client/index.js').Principal | null) => void} to be told of
 *   each new token
 */
export function showLifeOf(bar) {
  /** @type {string | undefined} */
  let shown;
  let count = 0;
  let endsAt = 0;

  const draw = () => {
    const left = Math.max(0, (endsAt - performance.now()) / 1_000);
    bar.value = left;
    element('life-text').textContent =
      left > 0 ? `Ends in ${Math.ceil(left)} s.` : 'Over: the next call gets another one.';
  };
  setInterval(draw, 250);

  return (principal) => {
    const { iat, exp, jti } = principal?.claims ?? {};
    if (jti === shown) return;
    shown = jti === undefined ? undefined : String(jti);
    count = principal === null ? 0 : count + 1;
    bar.max = Number(exp) - Number(iat) || 1;
    endsAt = principal === null ? 0 : performance.now() + bar.max * 1_000;
    element('token-count').textContent = String(count);
    draw();
  };
}
