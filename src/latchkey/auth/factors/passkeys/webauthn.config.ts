import { IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../../platform/config/config-slice.js';

const DOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const ORIGIN = /^(https?:\/\/[a-z0-9.-]+(:\d{1,5})?|android:apk-key-hash:[A-Za-z0-9_-]{43})$/;

/** Whose passkeys are. Never the `Host` of a request, which the caller can choose. */
@ConfigSlice()
export class WebAuthnConfig {
  /** The domain that passkeys belong to. Unset: the host of PUBLIC_URL. With another one, those that exist are lost. */
  @FromEnv('WEBAUTHN_RP_ID')
  @IsOptional()
  @Matches(DOMAIN, { message: '$property must be a domain such as example.com' })
  rpId?: string;

  /** The origins whose pages, and the apps, may use them. Empty: the origin of PUBLIC_URL. */
  @FromEnv('WEBAUTHN_ORIGINS')
  @IsArray()
  @Matches(ORIGIN, {
    each: true,
    message: '$property must hold origins such as https://app.example.com',
  })
  origins: string[] = [];

  /** `on`: browsers may make a passkey unasked after a sign-in by password, for an account that has a factor already. */
  @FromEnv('PASSKEY_UPGRADE')
  @IsIn(['on', 'off'])
  passkeyUpgrade: string = 'off';
}
