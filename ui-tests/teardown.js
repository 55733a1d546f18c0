const fs = require('fs');
const path = require('path');

/** Remove the home that the configuration has made; keep it where ENVLINK_UI_KEEP is set. */
module.exports = async () => {
  const home = process.env.ENVLINK_UI_HOME;
  const isOurs = home && path.basename(home).startsWith('envlink-ui-');
  if (isOurs && !process.env.ENVLINK_UI_KEEP) {
    // The server still runs and may write: a folder left behind is no failed test.
    try {
      fs.rmSync(home, { recursive: true, maxRetries: 8, retryDelay: 200 });
    } catch (reason) {
      console.warn(`${home} is left: ${reason.code}`);
    }
  }
};
