/* objects_image.c: image transfer (class 18; Blue Book 4.4.6).
 *
 *   initiated (1) ── all blocks ──> verify ──> successful (3) | failed (4)
 *   successful ── activate ──> activated (6), event 18
 *
 * A reference meter has no second firmware: it checks that every block of the image came, once
 * or more often, counts the transfer, logs what a meter logs, and runs on.  The octets are not
 * kept; a check sum over the blocks in their order is shown as the signature.
 */
#include "models/objects.h"

#include <string.h>

enum { IDLE, INITIATED, VERIFYING, VERIFIED, REFUSED, ACTIVATING, ACTIVATED };

static uint32_t
blocks (const mw_image *image)
{
  return (image->size + MW_IMAGE_BLOCK - 1) / MW_IMAGE_BLOCK;
}

static void
put_to_activate (const mw_image *image, mw_wr *w)
{
  bool ready = image->status == VERIFIED;
  uint8_t signature[4] = { (uint8_t) (image->crc >> 24), (uint8_t) (image->crc >> 16),
                           (uint8_t) (image->crc >> 8), (uint8_t) image->crc };
  mw_axdr_put_array (w, ready);
  if (!ready)
    return;
  mw_axdr_put_structure (w, 3);
  mw_axdr_put_u32 (w, image->size);
  mw_axdr_put_octets (w, image->identifier, image->identifier_len);
  mw_axdr_put_octets (w, signature, sizeof signature);
}

static void
image_piece (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w)
{
  const mw_image *image = &l->model->kept.image;
  (void) s;
  switch (a->arg) {
  case 2:
    mw_axdr_put_u32 (w, MW_IMAGE_BLOCK);
    break;
  case 3:
    mw_axdr_put_bits (w, image->block, blocks (image));
    break;
  case 4:
    mw_axdr_put_u32 (w, image->next);
    break;
  case 5:
    mw_axdr_put_bool (w, !image->disabled);
    break;
  case 6:
    mw_axdr_put_enum (w, image->status);
    break;
  default:
    put_to_activate (image, w);
  }
}

static uint8_t
image_write (mw_model_link *l, const mw_model_attr *a, mw_cur *c)
{
  (void) a;
  l->model->kept.image.disabled = !mw_axdr_get_int (c);
  mw_model_touch (l->model);
  return MW_DAR_SUCCESS;
}

const mw_model_handler mw_handler_image = { NULL, image_piece, image_write, NULL };

static uint8_t
initiate (mw_image *image, mw_cur *c)
{
  mw_axdr_get_structure (c, 2);
  mw_span id = mw_axdr_get_octets (c);
  uint32_t size = (uint32_t) mw_axdr_get_int (c);
  if (size == 0 || size > MW_IMAGE_BLOCK * MW_IMAGE_BLOCKS || id.len > sizeof image->identifier)
    return MW_DAR_OTHER_REASON;
  memset (image, 0, sizeof *image);
  memcpy (image->identifier, id.ptr, id.len);
  image->identifier_len = (uint8_t) id.len;
  image->size = size;
  image->status = INITIATED;
  return MW_DAR_SUCCESS;
}

static uint8_t
take_block (mw_image *image, mw_cur *c)
{
  mw_axdr_get_structure (c, 2);
  uint32_t number = (uint32_t) mw_axdr_get_int (c);
  mw_span data = mw_axdr_get_octets (c);
  if (image->status != INITIATED || number >= blocks (image))
    return MW_DAR_OTHER_REASON;
  uint32_t rest = image->size - number * MW_IMAGE_BLOCK;
  if (data.len != (rest < MW_IMAGE_BLOCK ? rest : MW_IMAGE_BLOCK))
    return MW_DAR_OTHER_REASON;
  image->block[number / 8] |= (uint8_t) (0x80u >> number % 8);
  if (number == image->next)
    image->crc = mw_crc32 (image->crc, data.ptr, data.len);
  while (image->next < blocks (image)
         && image->block[image->next / 8] & 0x80u >> image->next % 8)
    image->next++;
  return MW_DAR_SUCCESS;
}

static uint8_t
verify (mw_model *model)
{
  mw_image *image = &model->kept.image;
  if (image->status != INITIATED && image->status != VERIFIED)
    return MW_DAR_OTHER_REASON;
  bool whole = image->next == blocks (image);
  image->status = whole ? VERIFIED : REFUSED;
  mw_event (model->meter, whole ? MW_EVENT_FIRMWARE_READY : MW_EVENT_FIRMWARE_REFUSED);
  return whole ? MW_DAR_SUCCESS : MW_DAR_OTHER_REASON;
}

enum mw_err
mw_image_activate (mw_model *model)
{
  mw_image *image = &model->kept.image;
  if (image->status != VERIFIED)
    return MW_ERR_REFUSED;
  image->status = ACTIVATED;
  mw_counter_add (model->meter, MW_CNT_IMAGE_TRANSFERS, 1);
  mw_event (model->meter, MW_EVENT_FIRMWARE_ACTIVATED);
  mw_model_touch (model);
  return MW_OK;
}

uint8_t
mw_image_method (mw_model_link *l, unsigned method, mw_cur *parameter)
{
  static const char *const types[] = { "s(oD)", "s(Do)", "i", "i" };
  mw_image *image = &l->model->kept.image;
  mw_cur check = *parameter;
  if (!mw_type_check (types[method - 1], &check))
    return MW_DAR_TYPE_UNMATCHED;
  if (image->disabled)
    return MW_DAR_READ_WRITE_DENIED;
  mw_model_touch (l->model);
  switch (method) {
  case 1:
    return initiate (image, parameter);
  case 2:
    return take_block (image, parameter);
  case 3:
    return verify (l->model);
  default:
    return mw_model_dar (mw_image_activate (l->model));
  }
}
