import { ProofBody } from '../mail/mail-proof.dto.js';
import { type Delivery, IsDelivery } from '../sign-in/sign-in.dto.js';

export class CompleteEmailSignInBody extends ProofBody {
  @IsDelivery()
  delivery: Delivery = 'cookie';
}
