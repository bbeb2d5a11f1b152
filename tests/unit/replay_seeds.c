/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stands in for libFuzzer's main: runs the fuzz target it is linked with once over each file named
 * on the command line, or over each file of a folder.  Used to replay the seeds under sanitizers.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0) {
        perror(path);
        return 1;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size ? size : 1); /* exact size: a read past the end is seen */
    if (!data || fread(data, 1, size, f) != size) {
        perror(path);
        fclose(f);
        free(data);
        return 1;
    }
    fclose(f);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

static int replay_folder(const char *path)
{
    struct dirent **entry;
    int count = scandir(path, &entry, NULL, alphasort), failed = count < 0;
    for (int i = 0; i < count; i++) {
        char file[4096];
        if (entry[i]->d_name[0] != '.') {
            snprintf(file, sizeof file, "%s/%s", path, entry[i]->d_name);
            failed |= replay_file(file);
        }
        free(entry[i]);
    }
    if (count >= 0)
        free(entry);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        failed |= stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode) ? replay_folder(argv[i])
                                                                 : replay_file(argv[i]);
    }
    return failed;
}
