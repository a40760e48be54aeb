# Public key of the deploy workflow (its private half is the GitHub secret DEPLOY_SSH_KEY).
[ ]
