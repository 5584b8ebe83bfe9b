import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { EKYC_PHONE_CHANGE_CONSUMER } from './definition';

void runService(EKYC_PHONE_CHANGE_CONSUMER, environment());
