const EVENTS = 'https://jupyter-envlink.readthedocs.io/events';

/** The schema of "environments changed". */
export const ENVIRONMENTS_SCHEMA = `${EVENTS}/environments/v1`;

/** The schema of "a job moved on". */
export const JOB_SCHEMA = `${EVENTS}/job/v1`;
