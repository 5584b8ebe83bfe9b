import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { environment } from './config';
import { REVIEW_NOTIFY_INGEST } from './definition';

void runService(REVIEW_NOTIFY_INGEST, environment());
