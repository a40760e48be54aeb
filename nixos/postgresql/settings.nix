# PostgreSQL's share of 8 GB and 4 vCPU: two generations of the apps run beside it during a deploy,
# about 3 GB, so it plans with 3 GB and takes 1.5 GB for itself.
{
  shared_buffers = "1536MB";
  effective_cache_size = "3GB";
  # Sorts and hashes of one query; a shop's queries are small, its connections many.
  work_mem = "8MB";
  maintenance_work_mem = "256MB";
  # Four Medusa processes (two generations) with pools of ten, a backup, a person.
  max_connections = 60;
  # The disk is an SSD.
  random_page_cost = 1.1;
  effective_io_concurrency = 200;
  # Fewer, longer checkpoints: a deploy's dump must not meet a flood of writes.
  checkpoint_timeout = "15min";
  max_wal_size = "2GB";
  # At most five minutes of orders at risk: a segment goes to the archive after three, however empty, and
  # rr-wal brings it off-site within two (nixos/backup/archive-wal, upload-wal).
  archive_mode = true;
  # By the system's name: a path of the store would restart PostgreSQL with every change of the script.
  archive_command = "/run/current-system/sw/bin/rr-archive-wal %p %f";
  archive_timeout = 180;
  # PostgreSQL's own copy of a base backup goes over the socket, one at a time.
  max_wal_senders = 4;
  wal_compression = "pglz";
  password_encryption = "scram-sha-256";
  # A lost client must not hold a cart's row for ever.
  idle_in_transaction_session_timeout = "60s";
  tcp_keepalives_idle = 60;
  log_min_duration_statement = 500;
  log_lock_waits = true;
  # journald has the time already.
  log_line_prefix = "%q%u@%d ";
}
