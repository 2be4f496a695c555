import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type ClientDocument, documentAddressOf, readClientDocument } from './client-document.js';
import { ClientDocumentsConfig } from './client-documents.config.js';
import { freshSecondsOf } from './document-freshness.js';
import { DocumentUnreachable, type FetchRules, fetchDocument } from './fetch-document.js';

/** Documents that are remembered at most; each is a few KiB. */
const CAPACITY = 1_000;
/** For how long what could not be had is not asked for again. */
const FAILURE_SECONDS = 30;
/** Strangers have them asked for: no more go on at once. */
const MAX_UNDER_WAY = 20;

type Outcome = { readonly document: ClientDocument } | { readonly problem: string };

/**
 * The documents by which apps say who they are, asked for when somebody comes from one. They are remembered as long as
 * HTTP lets them be, within bounds; several who ask at once wait for one answer.
 */
@Injectable()
export class ClientDocuments {
  private readonly remembered = new LRUCache<string, Outcome>({ max: CAPACITY });
  private readonly underWay = new Map<string, Promise<Outcome>>();

  constructor(private readonly config: ClientDocumentsConfig) {}

  /**
   * @returns null for a `client_id` that is no address of a document, and where the setting is off
   * @throws DocumentUnreachable
   */
  async find(clientId: string): Promise<ClientDocument | null> {
    const url = this.config.isOn ? documentAddressOf(clientId) : null;
    if (url === null) return null;
    const outcome = this.remembered.get(url.href) ?? (await this.ask(url));
    if ('problem' in outcome) throw new DocumentUnreachable(outcome.problem);
    return outcome.document;
  }

  private async ask(url: URL): Promise<Outcome> {
    const asked = this.underWay.get(url.href);
    if (asked !== undefined) return asked;
    if (this.underWay.size >= MAX_UNDER_WAY) {
      throw new DocumentUnreachable('too many others are being asked for');
    }
    const asking = this.fetch(url).finally(() => this.underWay.delete(url.href));
    this.underWay.set(url.href, asking);
    return asking;
  }

  private async fetch(url: URL): Promise<Outcome> {
    try {
      const { document, headers } = await fetchDocument(url, this.rules);
      const outcome = { document: readClientDocument(url, document) };
      this.remembered.set(url.href, outcome, { ttl: freshSecondsOf(headers) * 1_000 });
      return outcome;
    } catch (error) {
      if (!(error instanceof DocumentUnreachable)) throw error;
      const outcome = { problem: error.message };
      this.remembered.set(url.href, outcome, { ttl: FAILURE_SECONDS * 1_000 });
      return outcome;
    }
  }

  private get rules(): FetchRules {
    return this.config.reachesPrivateAddresses ? { allows: () => true, lookup: addressesHere } : {};
  }
}

/** As the programs of this machine resolve a name, `/etc/hosts` included: for development alone. */
async function addressesHere(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
