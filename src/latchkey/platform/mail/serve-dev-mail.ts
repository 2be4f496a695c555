import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '../http/answers/escape-html.js';
import { isForwarded } from '../http/server/warn-of-unknown-proxy.js';
import type { CapturedMail, DevMailbox } from './dev-mailbox.js';

/**
 * Shows at `/dev/mail` what would have been sent: a page for browsers, JSON for everything else. A
 * reader of it could take over every account by its links. So it is there outside production and
 * without `MAIL_URL` alone, and answers only this machine: for everybody else it does not exist.
 */
export function serveDevMail(server: FastifyInstance, mailbox: DevMailbox): void {
  const onRequest = answerThisMachineAlone;
  server.get('/dev/mail', { onRequest }, (request, reply) => {
    const items = mailbox.list();
    if (!(request.headers.accept ?? '').includes('text/html')) return reply.send({ items });
    return reply.type('text/html; charset=utf-8').send(page(items));
  });
  server.get<{ Params: { id: string } }>('/dev/mail/:id', { onRequest }, (request, reply) => {
    const mail = mailbox.list().find(({ id }) => id === request.params.id);
    if (mail === undefined) return reply.callNotFound();
    return reply.type('text/html; charset=utf-8').send(mail.html);
  });
}

const LOOPBACK_ADDRESS = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/;
/** A page of another site whose name was made to lead here (DNS rebinding) asks by that name. */
const LOOPBACK_NAME = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

function answerThisMachineAlone(
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  const isHere =
    LOOPBACK_ADDRESS.test(request.raw.socket.remoteAddress ?? '') &&
    LOOPBACK_NAME.test(request.hostname) &&
    !isForwarded(request);
  if (isHere) done();
  else reply.callNotFound();
}

function page(items: readonly CapturedMail[]): string {
  const listed = items.map(
    (mail) => `<article><h2>${escapeHtml(mail.subject)}</h2>
<p>to ${escapeHtml(mail.to)}, ${escapeHtml(mail.createdAt)}, <a href="/dev/mail/${escapeHtml(mail.id)}">as HTML</a></p>
<pre>${linked(escapeHtml(mail.text), mail.links.map(escapeHtml))}</pre></article>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail that was not sent</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto}pre{white-space:pre-wrap}</style></head>
<body><h1>Mail that was not sent</h1>
<p>Set MAIL_URL to send it. Of this process, the last hundred; load the page again for newer ones.</p>
${listed.join('\n') || '<p>None yet.</p>'}</body></html>`;
}

function linked(text: string, links: readonly string[]): string {
  return links.reduce((page, link) => page.replaceAll(link, `<a href="${link}">${link}</a>`), text);
}
