import { IsOptional, Matches } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

const ADDRESS = /^https?:\/\/[^\s?#]+$/;
const message = '$property must be an address such as https://app.example.com/account';

/** Where links in mails lead. Never to the `Host` of a request, which the caller can choose. */
@ConfigSlice()
export class LinksConfig implements RefusesInProduction {
  /** How browsers reach this server. Unset: JWT_ISSUER. */
  @FromEnv('PUBLIC_URL')
  @IsOptional()
  @Matches(ADDRESS, { message })
  publicUrl?: string;

  /** Where pages of your own take the links: `<PAGES_URL>/recover#<token>`. Unset: below PUBLIC_URL. */
  @FromEnv('PAGES_URL')
  @IsOptional()
  @Matches(ADDRESS, { message })
  pagesUrl?: string;

  productionRefusals(): string[] {
    const refused = { PUBLIC_URL: this.publicUrl, PAGES_URL: this.pagesUrl };
    return Object.entries(refused)
      .filter(([, url]) => url?.startsWith('http://'))
      .map(([name]) => `${name} must be https in production: links in mails lead there`);
  }
}
