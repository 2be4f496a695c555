import type { FastifyInstance } from 'fastify';
import type { CapturedMail, DevMailbox } from './dev-mailbox.js';

/**
 * Shows at `/dev/mail` what would have been sent: a page for browsers, JSON for everything else. Whoever
 * reads it reads everybody's links, so it is there outside production alone, and without `MAIL_URL`.
 */
export function serveDevMail(server: FastifyInstance, mailbox: DevMailbox): void {
  server.get('/dev/mail', (request, reply) => {
    const items = mailbox.list();
    if (!(request.headers.accept ?? '').includes('text/html')) return reply.send({ items });
    return reply.type('text/html; charset=utf-8').send(page(items));
  });
  server.get<{ Params: { id: string } }>('/dev/mail/:id', (request, reply) => {
    const mail = mailbox.list().find(({ id }) => id === request.params.id);
    if (mail === undefined) return reply.callNotFound();
    return reply.type('text/html; charset=utf-8').send(mail.html);
  });
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

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
