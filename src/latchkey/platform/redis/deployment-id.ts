import { isUUID } from 'class-validator';

/**
 * What tells the deployments apart that share a Redis: everything that one of them puts there lies
 * under its own prefix.
 */
export class DeploymentId {
  /** @param value a UUID: that of the row in the database */
  constructor(readonly value: string) {
    if (!isUUID(value)) throw new Error('The id of a deployment is a UUID.');
  }

  /** Before every key. */
  get keyPrefix(): string {
    return `latchkey:${this.value}:`;
  }
}
