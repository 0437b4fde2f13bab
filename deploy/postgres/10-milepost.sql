-- Milepost's role and database, made once, when PostgreSQL starts on an empty volume. The role owns its
-- database and nothing else: it is no superuser, so it can read and run nothing on the server itself.
--
-- For psql. The password is read from a file, so it is in no list of processes.
\set ON_ERROR_STOP on
\if :{?password_file}
\else
  \set password_file /run/secrets/milepost_database_password
\endif
\set password `cat :'password_file'`

CREATE ROLE milepost
  LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'password';
CREATE DATABASE milepost OWNER milepost;
REVOKE ALL ON DATABASE milepost FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
