import { IsIn } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../../platform/config/config-slice.js';

/** Apps that nobody has registered, and that say by a document of their own who they are. */
@ConfigSlice()
export class ClientDocumentsConfig implements RefusesInProduction {
  /**
   * `on`: an https address is a `client_id`, and what is found there says what the app is. `local`: also where that
   * address leads into a private network, or to this machine.
   */
  @FromEnv('CLIENT_METADATA_DOCUMENTS')
  @IsIn(['on', 'off', 'local'])
  clientMetadataDocuments: string = 'off';

  get isOn(): boolean {
    return this.clientMetadataDocuments !== 'off';
  }

  get reachesPrivateAddresses(): boolean {
    return this.clientMetadataDocuments === 'local';
  }

  productionRefusals(): string[] {
    if (!this.reachesPrivateAddresses) return [];
    return ['CLIENT_METADATA_DOCUMENTS=local lets strangers have this server ask its own network'];
  }
}
