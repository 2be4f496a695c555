import { ProofBody } from '../recovery/recovery.dto.js';
import { type Delivery, IsDelivery } from '../sign-in/sign-in.dto.js';

export class CompleteEmailSignInBody extends ProofBody {
  @IsDelivery()
  delivery: Delivery = 'cookie';
}
