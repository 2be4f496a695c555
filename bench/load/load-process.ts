import { answerParent } from '../processes/answers.js';
import { closedLoop } from './closed-loop.js';
import { evenPace } from './even-pace.js';
import type { LoadPlan } from './load-plan.js';

answerParent({
  run: (plan: LoadPlan) =>
    plan.perSecond === undefined ? closedLoop(plan) : evenPace(plan, plan.perSecond),
});
